/// What a model file says beside its chain.
public struct ModelInformation: Sendable, Hashable {
  /// What can change the result: digest of the data, seed, options; never a path, time or host.
  public var provenance: JSONValue
  /// The versions of ICU and of Unicode that the chain was fitted with.
  public var icuVersion: String
  public var unicodeVersion: String

  public init(provenance: JSONValue = [:], icuVersion: String = "", unicodeVersion: String = "") {
    self.provenance = provenance
    self.icuVersion = icuVersion
    self.unicodeVersion = unicodeVersion
  }
}
