import Pipeline
import Testing

@Suite struct NearestTests {
  @Test func theNearestNameIsFound() {
    #expect(Nearest.name(to: "lsmt", among: ["gru", "lstm", "rnn"]) == "lstm")
    #expect(Nearest.name(to: "grue", among: ["gru", "lstm"]) == "gru")
    #expect(Nearest.name(to: "transformer", among: ["gru", "lstm"]) == nil)
    #expect(Nearest.name(to: "x", among: []) == nil)
  }

  @Test func tiesDoNotDependOnTheOrder() {
    #expect(Nearest.name(to: "ab", among: ["ac", "aa"]) == "aa")
    #expect(Nearest.name(to: "ab", among: ["aa", "ac"]) == "aa")
  }

  @Test func hintsListAllNames() {
    #expect(
      Nearest.hint(for: "lsmt", among: ["rnn", "lstm"])
        == "(did you mean \"lstm\"? known: lstm, rnn)")
    #expect(Nearest.hint(for: "zzzzz", among: ["b", "a"]) == "(known: a, b)")
  }
}
