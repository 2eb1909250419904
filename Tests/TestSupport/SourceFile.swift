import Glibc

/// A text file of the package, as the tests of its architecture look at it.
public struct SourceFile: Sendable {
  /// Relative to the package's folder.
  public let path: String
  public let lines: [String]

  public init(path: String, text: String) {
    self.path = path
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if lines.last == "" { lines.removeLast() }
    self.lines = lines
  }

  /// Every file under a folder of the package whose name has one of the endings, sorted by path.
  public static func all(
    under folder: String, suffixes: [String] = [".swift"]
  ) throws -> [SourceFile] {
    var paths: [String] = []
    collect(folder, into: &paths)
    return try paths.filter { path in suffixes.contains { path.hasSuffix($0) } }.sorted().map {
      let bytes = try readFile(BinaryRunner.packageFolder + "/" + $0)
      return SourceFile(path: $0, text: String(decoding: bytes, as: UTF8.self))
    }
  }

  /// The modules that the file imports.
  public var imports: [String] {
    lines.compactMap { line in
      guard
        let match = line.wholeMatch(
          of: /\s*(?:@\w+ |public |package |internal |private )*import (?:\w+ )?(\w+)(?:\.\w+)*\s*/)
      else { return nil }
      return String(match.1)
    }
  }

  /// The lines without comments and without what stands in string literals.
  public var code: [String] {
    var isInText = false
    return lines.map { line in
      if line.contains("\"\"\"") {
        isInText = !isInText && line.ranges(of: "\"\"\"").count == 1
        return ""
      }
      if isInText { return "" }
      let bare = line.replacing(/"(?:[^"\\]|\\.)*"/, with: "\"\"")
      return bare.firstRange(of: "//").map { String(bare[..<$0.lowerBound]) } ?? bare
    }
  }

  /// A function and the number of its lines, from its declaration to its closing brace.
  public struct Function: Sendable {
    public let place: String
    public let length: Int
  }

  /// The functions and initialisers. The code must be formatted: a body ends at the first closing
  /// brace that is indented as its declaration.
  public var functions: [Function] {
    let code = code
    return code.indices.compactMap { start in
      let line = code[start]
      guard line.contains(/^\s*(?:@?[\w()]+ )*(?:func [^\s]|init[?(<])/) else { return nil }
      let indentation = line.prefix { $0 == " " }
      let isOnOneLine = line.hasSuffix("}") && line.contains("{")
      if isOnOneLine { return Function(place: "\(path):\(start + 1)", length: 1) }
      guard
        let end = code[(start + 1)...].firstIndex(where: {
          $0.hasPrefix(indentation + "}") || $0 == indentation + "}"
        })
      else { return nil }
      return Function(place: "\(path):\(start + 1)", length: end - start + 1)
    }
  }

  private static func collect(_ folder: String, into paths: inout [String]) {
    guard let stream = opendir(BinaryRunner.packageFolder + "/" + folder) else { return }
    defer { closedir(stream) }
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard !name.hasPrefix(".") else { continue }
      let path = folder + "/" + name
      if entry.pointee.d_type == UInt8(DT_DIR) {
        collect(path, into: &paths)
      } else {
        paths.append(path)
      }
    }
  }
}
