/**
 * The proof of a positive access decision for one article in one request. `readGrantedBodies` requires it. Only `decide.ts` mints
 * grants: the constructor requires a symbol that this file does not export.
 */
export class BodyGrant {
  readonly #articleId: string
  readonly #requirementId: string
  readonly #request: object
  readonly #opensUnpublished: boolean

  constructor(mark: symbol, articleId: string, requirementId: string, request: object, opensUnpublished: boolean) {
    if (mark !== minted) throw new TypeError('only an access decision can create a grant')
    this.#articleId = articleId
    this.#requirementId = requirementId
    this.#request = request
    this.#opensUnpublished = opensUnpublished
    Object.freeze(this)
  }

  /**
   * Returns the id of the article that a grant opens.
   *
   * @throws TypeError if the value is not a grant or belongs to another request, which is a bug
   */
  static articleOpenedBy(grant: unknown, request: object): string {
    if (typeof grant !== 'object' || grant === null || !(#articleId in grant))
      throw new TypeError('the value is not a grant')
    if (grant.#request !== request) throw new TypeError('the grant belongs to another request')
    return grant.#articleId
  }

  /** Returns the id of the requirement that was judged. The grant is valid only while this requirement is in force. */
  static requirementJudged(grant: BodyGrant): string {
    return grant.#requirementId
  }

  /** Returns whether the grant opens the article while it is not published. Only the publisher's grants do. */
  static opensUnpublished(grant: BodyGrant): boolean {
    return grant.#opensUnpublished
  }

  /** Throws. A serialised grant could be read by another process or reader. */
  toJSON(): never {
    throw new TypeError('a grant cannot be serialised')
  }
}

const minted = Symbol('minted')

/** Creates a grant. For decide.ts only: `index.ts` does not export it, and lint forbids the import elsewhere. */
export function mintGrant(
  articleId: string,
  requirementId: string,
  request: object,
  opensUnpublished = false,
): BodyGrant {
  return new BodyGrant(minted, articleId, requirementId, request, opensUnpublished)
}
