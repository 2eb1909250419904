import Pipeline
import Testing

@Suite struct ShellWordsTests {
  @Test(
    arguments: [
      ("", []), ("  ", []), ("a", ["a"]), (" a\tb\n", ["a", "b"]), ("''", [""]),
      ("a'b c'd", ["ab cd"]), (#""a b" 'c "d"'"#, ["a b", #"c "d""#]),
      (#"a\ b \\ \'"#, ["a b", "\\", "'"]), (#""\"\$\x""#, [#""$\x"#]), (#"'\'"#, [#"\"#]),
      ("./x.awk -v n=1 $HOME *.c; | `x`", ["./x.awk", "-v", "n=1", "$HOME", "*.c;", "|", "`x`"]),
      ("é'ü \u{301}'", ["éü \u{301}"]),
    ] as [(String, [String])])
  func splitsLikeAShell(text: String, words: [String]) throws {
    #expect(try ShellWords.split(text) == words)
  }

  @Test(arguments: ["'a", "\"a", "a\\", "'a\""])
  func whatIsNotClosedIsAnError(text: String) {
    #expect(throws: PipelineError.self) { try ShellWords.split(text) }
  }
}
