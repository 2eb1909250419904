/// A model as it came from a file: checked, and ready to run.
public struct LoadedModel: Sendable {
  public let chain: Chain
  public let information: ModelInformation
  public let formatVersion: Int
  public let selfTest: SelfTest?
  /// In the order of their bytes in the file.
  public let tensors: [TensorSummary]
  /// The digest of the whole file with its own digits set to `0`: the model's identity.
  public let sha256: String
  /// The size of the file, in bytes.
  public let size: Int
}
