/// Files that hold a digest of themselves, so that no damage goes unseen.
extension SafetensorsFile {
  /// The bytes of the file with its SHA-256 among its metadata.
  /// - Throws: as `bytes()`.
  public func sealedBytes() throws -> [UInt8] {
    var file = self
    file.metadata[ModelSeal.key] = ModelSeal.blank
    var bytes = try file.bytes()
    ModelSeal.seal(&bytes)
    return bytes
  }

  /// Reads a file that `sealedBytes` gave.
  /// - Throws: `PipelineError.malformedModel` for any fault, damage included.
  public static func readSealed(_ bytes: [UInt8], name: String) throws -> SafetensorsFile {
    let file = SharedBytes(bytes)
    return try file.withUnsafeBytes { bytes in
      let header = try SafetensorsHeader(bytes, file: name)
      guard let expected = header.metadata[ModelSeal.key],
        let digits = ModelSeal.find(in: bytes, header: header.text),
        ModelSeal.digest(bytes, digits: digits) == expected
      else {
        throw PipelineError.malformedModel(
          file: name, place: ModelSeal.key,
          problem: "the file does not have the digest in it (is it damaged?)")
      }
      return SafetensorsFile(metadata: header.metadata, tensors: header.tensors(in: file))
    }
  }
}
