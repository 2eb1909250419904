import ArgumentParser

/// `seqtool manual`: the manual page, for packagers; hidden.
struct ManualCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "manual", abstract: "Write the manual page in roff.", shouldDisplay: false)

  @OptionGroup(title: ConfigurationOptions.title)
  var configuration: ConfigurationOptions

  func run() throws {
    let page = ManualPage(try CommandCatalog(), version: SeqtoolCommand.toolVersion)
    try StandardOutput.write(page.text)
  }
}
