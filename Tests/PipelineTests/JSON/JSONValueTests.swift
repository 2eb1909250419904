import Pipeline
import Testing

@Suite struct JSONValueTests {
  @Test func textIsCanonical() {
    let value: JSONValue = ["b": [1, 2.5, .null], "a": "x\n\u{1}\"\\é", "B": 1e-5, "é": true]
    #expect(
      value.text() == #"{"B":1e-05,"a":"x\n\u0001\"\\é","b":[1,2.5,null],"é":true}"#)
  }

  @Test func orderOfInsertionDoesNotMatter() {
    let pairs: [(String, JSONValue)] = [("a", 1), ("b", 2), ("aa", 3), ("", 4), ("é", 5)]
    let forward = JSONObject(pairs)
    let backward = JSONObject(pairs.reversed())
    #expect(forward == backward)
    #expect(forward.keys == ["", "a", "aa", "b", "é"])
    #expect(forward["aa"] == 3)
    #expect(forward["c"] == nil)
  }

  @Test func membersAreReplacedAndRemoved() {
    var object = JSONObject([("a", 1), ("b", 2)])
    object["a"] = "new"
    object["b"] = nil
    object["none"] = nil
    #expect(object == JSONObject([("a", "new")]))
    object["a"] = .null
    #expect(object["a"] == .null)
    #expect(object.count == 1)
  }

  @Test func absentKeysHaveNoValue() {
    let value: JSONValue = ["a": .null]
    #expect(value["a"] == .null)
    #expect(value["b"] == nil)
    #expect(JSONValue.int(1)["a"] == nil)
  }

  @Test func codableGoesThereAndBack() throws {
    let options = Prefix.Options(text: "é\n", times: 3, scale: 0.1)
    let json = try JSONValue(encoding: options)
    #expect(json["nested"]?["ratio"] == 0.5)
    #expect(json["form"] == "plain")
    #expect(try json.decode(Prefix.Options.self) == options)
  }

  @Test func numbersThatAreNotFiniteAreNotEncoded() {
    #expect(throws: EncodingError.self) {
      try JSONValue(encoding: Prefix.Options(scale: .infinity))
    }
  }
}
