import ArgumentParser

/// `seqtool train`: one subcommand for each kind of model.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train", abstract: "Train a model.",
    discussion: "seqtool train classify data/names -o my.seqmodel",
    subcommands: [
      TrainClassifyCommand.self, TrainLMCommand.self, TrainTagCommand.self,
      TrainForecastCommand.self,
      TrainImageCommand.self,
    ])
}
