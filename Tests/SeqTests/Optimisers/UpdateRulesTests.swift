import Seq
import Testing

@Suite struct UpdateRulesTests {
  @Test func namesAreFound() throws {
    let names = ["sgd", "momentum", "adagrad", "rmsprop", "adam", "adamw"]
    #expect(UpdateRules.all.map(\.name) == names)
    for name in names { #expect(try UpdateRules.named(name).name == name) }
    #expect(throws: SeqError.unknownName(kind: "optimizer", name: "Adam", known: names)) {
      try UpdateRules.named("Adam")
    }
  }
}
