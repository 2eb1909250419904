import Glibc

/// Runs the real `seqtool`, the one that was built beside the tests.
public struct BinaryRunner: Sendable {
  /// The working folder of every run.
  public var folder: String
  public var environment: [String: String]
  /// Seconds after which a run is killed: a guard against a hang, not a measure of speed.
  public var timeLimit = 120 * patience

  /// How many times as long a run may take: `SEQTOOL_TEST_PATIENCE`, for a binary under a sanitizer.
  public static let patience =
    getenv("SEQTOOL_TEST_PATIENCE").flatMap { Int(String(cString: $0)) } ?? 1

  /// Where the binary stands: `SEQTOOL_BINARY`, or beside the test runner.
  public static let executable: String = {
    if let path = getenv("SEQTOOL_BINARY") { return String(cString: path) }
    return buildFolder + "/seqtool"
  }()

  /// The top folder of the package, found from this file.
  public static let packageFolder: String =
    #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }

  private static let buildFolder: String = {
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = readlink("/proc/self/exe", &buffer, buffer.count)
    let path = String(
      decoding: buffer.prefix(max(count, 0)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return path.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 }
  }()

  /// - Parameter folder: the working folder; the package's own where nothing is said.
  public init(folder: String = packageFolder, environment: [String: String] = [:]) {
    self.folder = folder
    self.environment = environment
  }

  /// Runs `seqtool` with these arguments and these bytes on stdin.
  public func run(_ arguments: [String], input: some Sequence<UInt8> = []) throws -> BinaryResult {
    try spawn(Self.executable, arguments, input: Array(input))
  }

  /// Runs `seqtool` with text on stdin.
  public func run(_ arguments: String..., text: String = "") throws -> BinaryResult {
    try run(arguments, input: text.utf8)
  }

  /// Runs a bash script that finds `seqtool` in its PATH.
  public func shell(_ script: String, input: [UInt8] = []) throws -> BinaryResult {
    try spawn("/bin/bash", ["-c", script], input: input)
  }

  /// What sanitizers and coverage are steered by: the one part of the environment that is handed on.
  private static let instruments: [String: String] = {
    let names = ["ASAN_OPTIONS", "TSAN_OPTIONS", "UBSAN_OPTIONS", "LLVM_PROFILE_FILE"]
    return Dictionary(
      uniqueKeysWithValues: names.compactMap { name in
        getenv(name).map { (name, String(cString: $0)) }
      })
  }()

  private func spawn(
    _ path: String, _ arguments: [String], input: [UInt8]
  ) throws -> BinaryResult {
    var variables = ["PATH": Self.binaryFolder + ":/usr/local/bin:/usr/bin:/bin", "HOME": folder]
    variables.merge(Self.instruments) { $1 }
    variables.merge(environment) { $1 }
    var child = try ChildProcess(
      path, arguments, environment: variables.map { "\($0)=\($1)" }.sorted(), folder: folder)
    return try child.communicate(input, timeLimit: timeLimit)
  }

  private static var binaryFolder: String {
    executable.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 }
  }
}
