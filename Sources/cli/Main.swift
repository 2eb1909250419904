import ArgumentParser
import Glibc
import Pipeline

/// Where the process starts and ends.
@main
enum Main {
  static func main() {
    // A write to a closed pipe then returns EPIPE, which ends the run quietly.
    signal(SIGPIPE, SIG_IGN)
    FreedMemory.keep()
    let arguments = Array(CommandLine.arguments.dropFirst())
    do {
      let line = try ConfiguredCommandLine(arguments)
      if let configuration = try line.dump() {
        return try StandardOutput.write(configuration)
      }
      var command = try line.parse()
      try command.run()
    } catch {
      exit(ErrorReport(error).print().rawValue)
    }
  }
}
