import ArgumentParser

@main
struct SeqtoolCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "seqtool")
}
