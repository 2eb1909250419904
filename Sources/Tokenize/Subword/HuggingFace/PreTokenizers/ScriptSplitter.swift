import CICU

/// `UnicodeScripts`: cuts where the script changes; kana count as ideographs, and a space goes with
/// what stands before it.
struct ScriptSplitter: PreTokenizer {
  private static let hiragana: Int32 = cicu_script(0x3042)
  private static let katakana: Int32 = cicu_script(0x30A2)
  private static let han: Int32 = cicu_script(0x4E00)

  func apply(to document: inout Document, _ context: EncodingContext) {
    document.cut(.isolated, context) { text, matches in
      var last: Int32 = -2
      var start = -1
      var i = 0
      while i < text.count {
        let (scalar, end) = UTF8Step.scalar(at: i, in: text)
        if scalar != 0x20 {
          let script = Self.script(of: scalar)
          if script != last {
            if start >= 0 { matches.append(PatternMatch(start: start, end: i, isMatch: true)) }
            start = i
          }
          last = script
        }
        i = end
      }
      // What comes before the first script is dropped, as the library drops it.
      if start >= 0 { matches.append(PatternMatch(start: start, end: i, isMatch: true)) }
    }
  }

  private static func script(of scalar: UInt32) -> Int32 {
    if scalar == 0x30FC { return han }
    let script = cicu_script(scalar)
    return script == hiragana || script == katakana ? han : script
  }
}
