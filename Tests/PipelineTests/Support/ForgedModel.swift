import Pipeline

/// Model files that say anything, with digests that are right: every check must hold without them.
enum ForgedModel {
  private static let blank = String(repeating: "0", count: 64)

  /// The bytes of the file with its digests made anew.
  ///
  /// - Parameter change: what is done to the digests of the tensors.
  static func sealed(
    _ file: SafetensorsFile, changingDigests change: (inout JSONObject) -> Void = { _ in }
  ) throws -> [UInt8] {
    var file = file
    var digests = JSONObject(
      file.tensors.map { ($0.key, JSONValue.string(Digest.sha256($0.value.bytes))) })
    change(&digests)
    file.metadata["tensors_sha256"] = JSONValue.object(digests).text()
    file.metadata["sha256"] = blank
    let unsealed = try file.bytes()
    file.metadata["sha256"] = Digest.sha256(unsealed)
    return try file.bytes()
  }
}
