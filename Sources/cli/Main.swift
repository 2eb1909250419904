import ArgumentParser
import Glibc

/// Where the process starts and ends.
@main
enum Main {
  static func main() {
    // A write to a closed pipe then returns EPIPE, which ends the run quietly.
    signal(SIGPIPE, SIG_IGN)
    let arguments = Array(CommandLine.arguments.dropFirst())
    do {
      var command = try SeqtoolCommand.parseAsRoot(arguments)
      try command.run()
    } catch {
      exit(ErrorReport(error).print().rawValue)
    }
  }
}
