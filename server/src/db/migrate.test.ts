import path from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
