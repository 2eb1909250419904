import Glibc
import TestSupport
import Testing

/// What suites of programs and libraries as stages share: a folder of one's own with the real binary,
/// programs written into it, and a look at what became of their processes.
protocol PluginSuite {
  var folder: TemporaryFolder { get }
  var seqtool: BinaryRunner { get }
}

extension PluginSuite {
  static var examples: String { BinaryRunner.packageFolder + "/examples/plugins" }

  /// The body of a program that answers each record as it comes.
  static var echo: String {
    """
    for line in sys.stdin.buffer:
      sys.stdout.buffer.write(line); sys.stdout.buffer.flush()

    """
  }

  static func fixture() throws -> (TemporaryFolder, BinaryRunner) {
    let folder = try TemporaryFolder()
    var seqtool = BinaryRunner(folder: folder.path)
    // What hangs here sleeps for ten minutes.
    seqtool.timeLimit = 60 * BinaryRunner.patience
    return (folder, seqtool)
  }

  /// A program that says its number in `pids` before it does what the body says.
  func python(_ body: String, name: String = "plugin") throws {
    try folder.write(
      name,
      """
      #!/usr/bin/env python3
      import os, signal, sys, time
      open('pids', 'a').write(f'{os.getpid()}\\n')
      \(body)

      """)
    chmod(folder.file(name), 0o755)
  }

  /// The processes that the programs said they were, and those of them that are still there. Of a
  /// program's children the end is asked for, but nobody waits for it: hence the patience.
  func processes() throws -> (started: Int, survivors: [pid_t]) {
    let text = String(decoding: (try? folder.read("pids")) ?? [], as: UTF8.self)
    let processes = text.split(separator: "\n").compactMap { pid_t($0) }
    for _ in 0..<250 where processes.contains(where: isAlive) { usleep(20_000) }
    return (processes.count, processes.filter(isAlive))
  }

  private func isAlive(_ process: pid_t) -> Bool {
    guard let bytes = try? readFile("/proc/\(process)/stat") else { return false }
    let status = String(decoding: bytes, as: UTF8.self)
    let state = status.split(separator: ")").last?.split(separator: " ").first
    return state != "Z" && state != "X"
  }

  func expectFault(_ result: BinaryResult, _ code: Int, _ words: String) throws {
    #expect(result.code == code, "\(result.end) \(result.errors)")
    #expect(result.errors.hasPrefix("seqtool: ") && result.errors.contains(words))
    #expect(result.errors.count { $0.isNewline } == 1, "\(result.errors)")
    #expect(try processes().survivors == [])
  }
}
