import Pipeline
import TestSupport
import Testing

@Suite struct ManualPageTests {
  private let seqtool = BinaryRunner()

  @Test func thePageHasEveryOptionOfTheHelp() throws {
    let page = try seqtool.run("manual").output
    let flat = page.replacing("\\-", with: "-")
    for command in [["classify"], ["train", "classify"], ["evaluate"], ["normalize"]] {
      #expect(flat.contains("\n.SS seqtool \(command.joined(separator: " ")) [option ...]"))
      let help = try seqtool.run(command + ["--help"]).output
      let names = help.split(separator: "\n").flatMap { line in
        line.hasPrefix("  -") ? line.matches(of: /--[a-z][a-z0-9-]*/).map { String($0.output) } : []
      }
      #expect(names.count > 8)
      for name in names { #expect(flat.contains("\\fB\(name)\\fR"), "\(name)") }
    }
    #expect(!flat.contains("seqtool manual"))
  }

  @Test func roffAcceptsThePage() throws {
    let result = try seqtool.shell(
      "command -v groff > /dev/null || exit 0; seqtool manual | groff -Kutf8 -man -Tutf8 -ww 2>&1 "
        + "> /dev/null")
    #expect(result.code == 0 && result.output.isEmpty, "\(result.output)")
  }

  @Test func bashCompletesNamesValuesAndFiles() throws {
    let script = """
      source <(seqtool --generate-completion-script bash)
      try() {
        COMP_WORDS=("$@") COMP_CWORD=$(( $# - 1 )) COMP_LINE="$*" COMP_POINT=${#COMP_LINE}
        COMPREPLY=()
        _seqtool seqtool "${@: -1}" "${@: -2:1}"
        echo "${COMPREPLY[*]}"
      }
      try seqtool cl
      try seqtool train classify --cell ''
      try seqtool classify --dump
      try seqtool normalize --form nfk
      try seqtool classify data/names.t
      """
    let result = try seqtool.shell(script)
    #expect(
      result.output == """
        classify
        rnn rnn-relu lstm gru
        --dump-config
        nfkc nfkd nfkc-casefold
        data/names.txt

        """, "\(result.errors)")
  }

  @Test(arguments: ["zsh", "fish"])
  func otherShellsHaveTheirScripts(shell: String) throws {
    let script = try seqtool.run("--generate-completion-script", shell).output
    for word in ["classify", "dump-config", "rnn-relu", "nfkc-casefold", "seqmodel"] {
      #expect(script.contains(word), "\(word)")
    }
  }
}
