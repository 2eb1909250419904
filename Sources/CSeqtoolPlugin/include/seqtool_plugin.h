#ifndef SEQTOOL_PLUGIN_H
#define SEQTOOL_PLUGIN_H

/// Stages in dynamic libraries, interface version 1. A library exports one function,
/// `seqtool_plugin_v1`, which gives a table that lives as long as the library.

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SEQTOOL_PLUGIN_VERSION 1

/// N records of well-formed UTF-8, one after the other. Record `i` is
/// `bytes[i == 0 ? 0 : ends[i - 1]] .. bytes[ends[i]]`, the end excluded; no NUL stands behind it.
struct seqtool_records {
  const uint8_t *bytes;
  const uint32_t *ends;
  size_t count;
};

/// Where the answers go: one call of `append` for each record, in order. The host copies the bytes.
/// `append` gives 0, or another number once the host wants no more: return from `process` then.
struct seqtool_sink {
  void *context;
  int (*append)(void *context, const uint8_t *bytes, size_t length);
};

/// The functions of a stage. Texts for `error` end in NUL, which counts in `error_size`.
struct seqtool_plugin_table_v1 {
  /// SEQTOOL_PLUGIN_VERSION.
  uint32_t version;
  /// Name and version of the stage, as `uppercase@1`.
  const char *id;
  /// One line.
  const char *summary;
  /// Makes a state from the options, a JSON object. One state serves one thread; several may be
  /// alive at once. Gives 0 and sets `*state`, or another number and writes to `error`.
  int (*create)(const char *options_json, void **state, char *error, size_t error_size);
  /// Answers all records of a chunk. Gives 0, or another number and writes to `error`.
  int (*process)(
      void *state, const struct seqtool_records *records, const struct seqtool_sink *sink,
      char *error, size_t error_size);
  void (*destroy)(void *state);
};

/// What a library exports.
typedef const struct seqtool_plugin_table_v1 *seqtool_plugin_v1_function(void);

#ifdef __cplusplus
}
#endif

#endif
