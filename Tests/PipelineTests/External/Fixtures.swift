import Glibc
import Pipeline
import Synchronization
import TestSupport

/// Programs that a test writes, and the stages that run them.
struct Fixtures {
  let folder: TemporaryFolder
  let said = Said()

  init() throws { folder = try TemporaryFolder() }

  /// What the plugins wrote to stderr, line by line.
  final class Said: Sendable {
    private let lines = Mutex<[String]>([])
    func add(_ line: String) { lines.withLock { $0.append(line) } }
    var all: [String] { lines.withLock { $0 } }
  }

  /// A script that can be executed.
  func script(_ name: String, _ interpreter: String, _ body: String) throws -> String {
    let path = try folder.write(name, "#!\(interpreter)\n\(body)\n")
    chmod(path, 0o755)
    return path
  }

  func shell(_ body: String) throws -> String { try script("plugin.sh", "/bin/sh", body) }

  /// A script that can use `pidfile`, the path that `survivors` reads.
  func python(_ body: String) throws -> String {
    try script("plugin.py", "/usr/bin/env python3", "import os, sys, time, signal\n" + body)
  }

  func stage(
    _ program: String, _ mode: ProcessRun.Mode = .lines,
    _ change: (inout ProcessRun.Options) -> Void = { _ in }
  ) throws -> ProcessRun {
    var options = ProcessRun.Options()
    options.program = program
    options.mode = mode
    options.timeLimit = 20
    change(&options)
    var stage = try ProcessRun(options: options)
    let said = said
    stage.diagnostics = PluginDiagnostics { said.add($0) }
    return stage
  }

  /// The processes that wrote their numbers to `pids` and are still there. The end of a child of a
  /// program is asked for, but only the program itself is waited for: hence the patience.
  func survivors(patience: Int = 100) throws -> [pid_t] {
    let text = String(decoding: (try? folder.read("pids")) ?? [], as: UTF8.self)
    let processes = text.split(separator: "\n").compactMap { pid_t($0) }
    for _ in 0..<patience where processes.contains(where: isAlive) { usleep(20_000) }
    return processes.filter(isAlive)
  }

  var pidsWritten: Int {
    String(decoding: (try? folder.read("pids")) ?? [], as: UTF8.self).split(separator: "\n").count
  }

  /// A killed grandchild is a zombie until whoever adopted it reaps it.
  private func isAlive(_ process: pid_t) -> Bool {
    guard let status = try? readFile("/proc/\(process)/stat") else { return false }
    let text = String(decoding: status, as: UTF8.self)
    let state = text.split(separator: ")").last?.split(separator: " ").first
    return state != "Z" && state != "X"
  }
}
