import ArgumentParser

/// `seqtool lab`: the classic exercises of recurrent networks.
struct LabCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lab",
    abstract: "Run a classic exercise of recurrent networks.",
    discussion: """
      Each is seeded, prints a table and draws a picture with --plot.

        seqtool lab next-word
        seqtool lab memory --cell gru --plot memory.svg
      """,
    subcommands: [
      LabNextWordCommand.self, LabMemoryCommand.self, LabGradientsCommand.self,
      LabGradcheckCommand.self, LabNamesTableCommand.self,
    ])
}
