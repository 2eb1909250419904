/// What a stage says of itself.
public struct StageDescriptor: Sendable, Hashable {
  /// Name and version, for example `normalize.unicode@1`. A new version is a new id.
  public let id: String
  /// One line, without a full stop.
  public let summary: String
  public let input: PayloadKind
  public let output: PayloadKind
  /// Whether every record in gives exactly one record out, in order.
  public let isOneToOne: Bool
  /// Whether the stage is a model: its tensors keep their own (PyTorch's) names in a file.
  public let isModel: Bool
  /// Whose code the stage runs. Only a built-in stage can be part of a model file.
  public let door: StageDoor
  public let options: [OptionDescriptor]

  public init(
    id: String, summary: String, input: PayloadKind, output: PayloadKind, isOneToOne: Bool = true,
    isModel: Bool = false, door: StageDoor = .builtIn, options: [OptionDescriptor] = []
  ) {
    self.id = id
    self.summary = summary
    self.input = input
    self.output = output
    self.isOneToOne = isOneToOne
    self.isModel = isModel
    self.door = door
    self.options = options
  }
}

extension StageDescriptor {
  /// Whether the stage runs code that is not in this program.
  public var isExternal: Bool { door != .builtIn }
}

/// Through which door the code of a stage comes in.
public enum StageDoor: String, Sendable, Hashable, CaseIterable {
  /// It is compiled into the program.
  case builtIn = "built-in"
  /// A program of its own, over pipes.
  case program
  /// A dynamic library, loaded into the process.
  case library
}

/// One documented option of a stage.
public struct OptionDescriptor: Sendable, Hashable {
  public let name: String
  /// One line, without a full stop.
  public let summary: String
  /// The allowed words, where the option is a choice.
  public let choices: [String]
  /// What a saved pipeline means that lacks the option, where the option is younger than the stage;
  /// `nil` where every saved pipeline must have it.
  public let whenAbsent: JSONValue?

  public init(
    _ name: String, _ summary: String, choices: [String] = [], whenAbsent: JSONValue? = nil
  ) {
    self.name = name
    self.summary = summary
    self.choices = choices
    self.whenAbsent = whenAbsent
  }
}
