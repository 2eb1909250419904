#include "support.hpp"

#include <unicode/uchar.h>
#include <unicode/uscript.h>

namespace {

/// Whether ICU cuts the scalar by a dictionary, or by rules of its own beside one.
bool isForDictionary(UChar32 scalar) {
  if (u_getIntPropertyValue(scalar, UCHAR_LINE_BREAK) == U_LB_COMPLEX_CONTEXT) return true;
  if (u_hasBinaryProperty(scalar, UCHAR_IDEOGRAPHIC)) return true;
  if (scalar >= 0xAC00 && scalar <= 0xD7A3) return true;
  UErrorCode code = U_ZERO_ERROR;
  switch (uscript_getScript(scalar, &code)) {
  case USCRIPT_HAN:
  case USCRIPT_HIRAGANA:
  case USCRIPT_KATAKANA: return true;
  default: return false;
  }
}

uint8_t wordClass(UChar32 scalar) {
  if (isForDictionary(scalar)) return CICU_WORD_DICTIONARY;
  switch (u_getIntPropertyValue(scalar, UCHAR_WORD_BREAK)) {
  case U_WB_CR: return CICU_WORD_CR;
  case U_WB_LF: return CICU_WORD_LF;
  case U_WB_NEWLINE: return CICU_WORD_NEWLINE;
  case U_WB_EXTEND:
  case U_WB_FORMAT: return CICU_WORD_EXTEND;
  case U_WB_ZWJ: return CICU_WORD_ZWJ;
  case U_WB_REGIONAL_INDICATOR: return CICU_WORD_REGIONAL;
  case U_WB_HEBREW_LETTER: return CICU_WORD_HEBREW;
  case U_WB_ALETTER: return CICU_WORD_LETTER;
  case U_WB_SINGLE_QUOTE: return CICU_WORD_SINGLE_QUOTE;
  case U_WB_DOUBLE_QUOTE: return CICU_WORD_DOUBLE_QUOTE;
  case U_WB_MIDNUMLET: return CICU_WORD_MID_NUM_LET;
  case U_WB_MIDLETTER: return CICU_WORD_MID_LETTER;
  case U_WB_MIDNUM: return CICU_WORD_MID_NUM;
  case U_WB_NUMERIC: return CICU_WORD_NUMERIC;
  case U_WB_EXTENDNUMLET: return CICU_WORD_EXTEND_NUM_LET;
  case U_WB_WSEGSPACE: return CICU_WORD_SPACE;
  case U_WB_KATAKANA: return CICU_WORD_DICTIONARY;
  default: return CICU_WORD_OTHER;
  }
}

} // namespace

void cicu_word_classes(uint32_t first, uint8_t classes[256]) {
  for (uint32_t i = 0; i < 256; i++) {
    const UChar32 scalar = UChar32(first + i);
    classes[i] = wordClass(scalar);
    if (u_hasBinaryProperty(scalar, UCHAR_EXTENDED_PICTOGRAPHIC)) {
      classes[i] |= CICU_WORD_PICTOGRAPHIC;
    }
  }
}
