import Glibc

/// A fresh folder that is removed, with all that is in it, when the value goes away.
public final class TemporaryFolder: Sendable {
  /// The absolute path, without a slash at its end.
  public let path: String

  public init() throws {
    var template = Array("/tmp/seqtool-test-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw SystemFailure("mkdtemp") }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit { remove(path) }

  /// The path of something in the folder.
  public func file(_ name: String) -> String { path + "/" + name }

  /// Writes a file, its folders too, and gives its path.
  @discardableResult
  public func write(_ name: String, _ bytes: some Sequence<UInt8>) throws -> String {
    let parts = name.split(separator: "/")
    for depth in 1..<max(parts.count, 1) {
      mkdir(file(parts.prefix(depth).joined(separator: "/")), 0o700)
    }
    let target = file(name)
    let bytes = Array(bytes)
    guard let stream = fopen(target, "w") else { throw SystemFailure("fopen \(target)") }
    defer { fclose(stream) }
    guard fwrite(bytes, 1, bytes.count, stream) == bytes.count else {
      throw SystemFailure("fwrite \(target)")
    }
    return target
  }

  /// Writes text.
  @discardableResult
  public func write(_ name: String, _ text: String) throws -> String {
    try write(name, text.utf8)
  }

  /// The bytes of a file of the folder.
  public func read(_ name: String) throws -> [UInt8] { try readFile(file(name)) }

  private func remove(_ path: String) {
    // First as a file: a link to a folder must go without what it leads to.
    if unlink(path) == 0 { return }
    guard let folder = opendir(path) else { return }
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != "." && name != ".." { remove(path + "/" + name) }
    }
    closedir(folder)
    rmdir(path)
  }
}

/// The bytes of a file.
public func readFile(_ path: String) throws -> [UInt8] {
  guard let stream = fopen(path, "r") else { throw SystemFailure("fopen \(path)") }
  defer { fclose(stream) }
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = fread(&buffer, 1, buffer.count, stream)
    if count == 0 { return bytes }
    bytes += buffer[..<count]
  }
}

/// A system call of the test itself that failed.
public struct SystemFailure: Error, CustomStringConvertible {
  public let description: String

  init(_ what: String, _ code: Int32 = errno) {
    description = "\(what): \(String(cString: strerror(code)))"
  }
}
