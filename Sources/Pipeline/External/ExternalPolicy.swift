/// Which code from outside a pipeline may run.
///
/// Whoever names a program or a library on the command line allows it by that. A pipeline *file* is
/// data: what it names runs only where the caller says so. A model file can never name one.
public struct ExternalPolicy: Sendable, Hashable {
  public var allowsPrograms: Bool
  public var allowsLibraries: Bool

  public init(allowsPrograms: Bool = false, allowsLibraries: Bool = false) {
    self.allowsPrograms = allowsPrograms
    self.allowsLibraries = allowsLibraries
  }

  /// The default for everything that is read from a file.
  public static let denyAll = ExternalPolicy()

  /// What was typed by the user.
  public static let allowAll = ExternalPolicy(allowsPrograms: true, allowsLibraries: true)

  public func allows(_ door: StageDoor) -> Bool {
    switch door {
    case .builtIn: true
    case .program: allowsPrograms
    case .library: allowsLibraries
    }
  }

  /// Refuses a stage whose code may not run. A pipeline file is checked stage by stage, **before**
  /// the stage is made: making one loads its library.
  /// - Throws: `PipelineError.pluginRefused`, which names the flag that would allow it.
  public func check(_ descriptor: StageDescriptor) throws {
    guard !allows(descriptor.door) else { return }
    let flag = descriptor.door == .library ? "--allow-library" : "--allow-exec"
    throw PipelineError.pluginRefused(
      plugin: descriptor.id,
      problem: "a file may not name a \(descriptor.door.rawValue) "
        + "(\(flag) allows it, where the file is trusted)")
  }
}
