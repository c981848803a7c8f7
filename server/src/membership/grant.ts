/**
 * The key to one article's body for one request. Only a decision that opened the article makes one (decide.ts); the door
 * to the bodies checks it. Holding the class is not enough to make one: the constructor wants this file's own mark.
 */
export class BodyGrant {
  readonly #articleId: string
  readonly #requirementId: string
  readonly #request: object

  constructor(mark: symbol, articleId: string, requirementId: string, request: object) {
    if (mark !== minted) throw new TypeError('only an access decision can create a grant')
    this.#articleId = articleId
    this.#requirementId = requirementId
    this.#request = request
    Object.freeze(this)
  }

  /**
   * The article that a grant opens, if it is a grant and of this request.
   *
   * @throws TypeError a programmer's mistake or an attack, never a reader's
   */
  static articleOpenedBy(grant: unknown, request: object): string {
    if (typeof grant !== 'object' || grant === null || !(#articleId in grant))
      throw new TypeError('the value is not a grant')
    if (grant.#request !== request) throw new TypeError('the grant belongs to another request')
    return grant.#articleId
  }

  /** The requirement that the decision judged: the text may be read only while it is still the one that counts. */
  static requirementJudged(grant: BodyGrant): string {
    return grant.#requirementId
  }

  /** A grant that could be written down could be read back by somebody else. */
  toJSON(): never {
    throw new TypeError('a grant cannot be serialised')
  }
}

const minted = Symbol('minted')

/** For decide.ts alone; the room's index does not hand it on, and lint forbids the import elsewhere. */
export function mintGrant(articleId: string, requirementId: string, request: object): BodyGrant {
  return new BodyGrant(minted, articleId, requirementId, request)
}
