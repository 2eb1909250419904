/// What one tensor of a model file is, for a table.
public struct TensorSummary: Sendable, Hashable {
  public let name: String
  public let type: ElementType
  public let shape: [Int]
  /// The SHA-256 of its bytes.
  public let sha256: String
  /// The index in the chain of the stage that owns it.
  public let stage: Int
}
