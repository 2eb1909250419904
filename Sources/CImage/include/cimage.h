/// PNG images and gzip streams, by libpng and zlib, from memory to memory. No type of either library
/// is visible here.
#ifndef SEQTOOL_CIMAGE_H
#define SEQTOOL_CIMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Bytes of a message, with its final 0.
enum { SEQ_IMAGE_MESSAGE = 64 };

/// The size of a PNG in pixels. False where it is malformed: `message` then says how.
bool seq_png_size(
    const uint8_t *bytes, size_t count, uint32_t *width, uint32_t *height, char *message);

/// The pixels of a PNG, row by row from the top, as 8-bit grey or, with `color`, as R G B. Colours
/// become grey by their luminance; what is transparent lies on black. `pixels` has room for
/// width height bytes, or three times that.
bool seq_png_read(
    const uint8_t *bytes, size_t count, bool color, uint8_t *pixels, char *message);

/// A gzip stream that is being inflated.
struct seq_gunzip;

/// NULL where there is no memory. The bytes must stay until the stream is closed.
struct seq_gunzip *seq_gunzip_open(const uint8_t *bytes, size_t count);

/// The next bytes, at most `room` (> 0) of them: how many, 0 at the end of the last member, or -1
/// where the stream is malformed or cut short.
ptrdiff_t seq_gunzip_read(struct seq_gunzip *stream, uint8_t *out, size_t room);

void seq_gunzip_close(struct seq_gunzip *stream);

#endif
