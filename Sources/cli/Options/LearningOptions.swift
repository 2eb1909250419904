import ArgumentParser
import Seq

/// How a classifier learns.
struct LearningOptions: ParsableArguments {
  @OptionGroup
  var common: CommonLearningOptions

  @OptionGroup
  var recurrent: RecurrentLearningOptions

  @Option(help: ArgumentHelp("Drop n-grams with this probability.", valueName: "p"))
  var featureDropout: Double?

  @Option(
    help: "Learn also from a teacher: ngrams (quick), networks (best, much longer), or none.")
  var teacher: TeacherChoice?

  /// Lays what was given over the recipe's options.
  func apply(to options: inout TrainingOptions) {
    common.apply(to: &options)
    recurrent.apply(to: &options)
    if let featureDropout { options.featureDropout = featureDropout }
  }
}

/// A teacher, or none.
struct TeacherChoice: ExpressibleByArgument {
  let teacher: Distillation.Teacher?

  static let allValueStrings = Distillation.Teacher.allCases.map(\.rawValue) + ["none"]

  init?(argument: String) {
    teacher = Distillation.Teacher(rawValue: argument)
    if teacher == nil, argument != "none" { return nil }
  }
}
