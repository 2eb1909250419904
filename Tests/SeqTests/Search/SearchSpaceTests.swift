import Pipeline
import Seq
import Testing

@Suite struct SearchSpaceTests {
  private func space(_ text: String) throws -> SearchSpace {
    try SearchSpace(try #require(try JSONParser.parse(text.utf8).objectValue))
  }

  @Test func drawsWithinTheLimitsAndTheWholeOfThem() throws {
    let space = try space(
      """
      {"a": [1, "x", true], "b": {"log": [0.0001, 0.01]}, "c": {"uniform": [-0.5, 2000]},
       "d": {"integer": [3, 5]}, "e": 12}
      """)
    let samples = (0..<600).map { space.sample(trial: $0, seed: 1) }
    func values(_ name: String) -> [Double] { samples.compactMap { $0[name]?.doubleValue } }
    for (name, low, high) in [
      ("b", 0.0001, 0.01), ("c", -0.5, 2000), ("d", 3, 5), ("e", 12, 12),
    ] as [(String, Double, Double)] {
      #expect(values(name).count == 600)
      #expect(values(name).allSatisfy { (low...high).contains($0) }, "\(name)")
    }
    // Half of the logarithms lie below the middle one; half of the even numbers below theirs.
    #expect((240...360).contains(values("b").count { $0 < 0.001 }))
    #expect((240...360).contains(values("c").count { $0 < 1000 }))
    #expect(Set(values("d")) == [3, 4, 5])
    #expect(Set(samples.compactMap { $0["a"] }) == [1, "x", true])
    // Three digits are all that a number has.
    for value in values("b") + values("c") {
      let digits = "\(value)".prefix { $0 != "e" }.filter(\.isNumber)
        .drop { $0 == "0" }.reversed().drop { $0 == "0" }
      #expect(digits.count <= 3, "\(value)")
    }
  }

  @Test func aTrialIsAFunctionOfSeedAndNumber() throws {
    let space = try space(#"{"a": {"uniform": [0, 1]}, "b": {"log": [1, 10]}}"#)
    #expect(space.sample(trial: 4, seed: 2) == space.sample(trial: 4, seed: 2))
    #expect(space.sample(trial: 4, seed: 2) != space.sample(trial: 5, seed: 2))
    #expect(space.sample(trial: 4, seed: 2) != space.sample(trial: 4, seed: 3))
  }

  @Test(arguments: [
    #"{"a": []}"#, #"{"a": {"log": [0, 1]}}"#, #"{"a": {"log": [2, 1]}}"#, #"{"a": {"log": 1}}"#,
    #"{"a": {"integer": [1, 2.5]}}"#, #"{"a": {"even": [1, 2]}}"#, #"{"a": {}}"#,
    #"{"a": {"log": [1, 2], "uniform": [1, 2]}}"#,
  ])
  func whatIsNoChoiceIsRefused(text: String) throws {
    #expect(throws: SeqError.self) { try space(text) }
  }
}
