import ArgumentParser

/// The root command.
struct SeqtoolCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "seqtool",
    abstract: "Text pipelines that feed recurrent networks: one record in, one record out.",
    discussion: """
      Every command reads FILEs or stdin, line by line, and writes one line for each, in order:

        cat names.txt | seqtool classify
        seqtool train classify data/names -o my.seqmodel
        seqtool classify --model my.seqmodel --label-only names.txt | sort | uniq -c
      """,
    version: toolVersion,
    subcommands: [ManualCommand.self],
    groupedSubcommands: [
      CommandGroup(
        name: "Models",
        subcommands: [
          ClassifyCommand.self, TagCommand.self, ForecastCommand.self, TrainCommand.self,
          EvaluateCommand.self, CompareCommand.self, CalibrateCommand.self, TuneCommand.self,
          InspectCommand.self, ExportCommand.self, ImportCommand.self,
        ]),
      CommandGroup(
        name: "Language models",
        subcommands: [ScoreCommand.self, GenerateCommand.self, CompleteCommand.self]),
      CommandGroup(
        name: "Text",
        subcommands: [
          NormalizeCommand.self, TokenizeCommand.self, EncodeCommand.self, DecodeCommand.self,
          BatchCommand.self, VocabCommand.self,
        ]),
      CommandGroup(
        name: "Pipelines", subcommands: [RunCommand.self, StagesCommand.self, DoctorCommand.self]),
      CommandGroup(name: "Exercises", subcommands: [LabCommand.self, BenchCommand.self]),
    ])

  /// The version of this build, as model files record it.
  static let toolVersion = "0.1.0"
}
