import Pipeline

/// Model files that say anything, with digests that are right: every check must hold without them.
enum ForgedModel {
  private static let blank = String(repeating: "0", count: 64)

  /// The bytes of the file with its digests made anew.
  static func sealed(_ file: SafetensorsFile) throws -> [UInt8] {
    var file = file
    let digests = file.tensors.map { ($0.key, JSONValue.string(Digest.sha256($0.value.bytes))) }
    file.metadata["tensors_sha256"] = JSONValue.object(JSONObject(digests)).text()
    file.metadata["sha256"] = blank
    let unsealed = try file.bytes()
    file.metadata["sha256"] = Digest.sha256(unsealed)
    return try file.bytes()
  }
}
