#include <png.h>
#include <string.h>

#include "cimage.h"

/// libpng's simplified interface, which needs no setjmp of ours: an error is a message.
static bool begin(png_image *image, const uint8_t *bytes, size_t count) {
  memset(image, 0, sizeof *image);
  image->version = PNG_IMAGE_VERSION;
  return png_image_begin_read_from_memory(image, bytes, count);
}

static bool end(png_image *image, bool is_read, char *message) {
  if (!is_read) {
    strncpy(message, image->message, SEQ_IMAGE_MESSAGE - 1);
    message[SEQ_IMAGE_MESSAGE - 1] = 0;
  }
  png_image_free(image);
  return is_read;
}

bool seq_png_size(
    const uint8_t *bytes, size_t count, uint32_t *width, uint32_t *height, char *message) {
  png_image image;
  const bool is_read = begin(&image, bytes, count);
  *width = image.width;
  *height = image.height;
  return end(&image, is_read, message);
}

bool seq_png_read(
    const uint8_t *bytes, size_t count, bool color, uint8_t *pixels, char *message) {
  png_image image;
  bool is_read = begin(&image, bytes, count);
  if (is_read) {
    image.format = color ? PNG_FORMAT_RGB : PNG_FORMAT_GRAY;
    const png_color black = {0, 0, 0};
    is_read = png_image_finish_read(&image, &black, pixels, 0, NULL);
  }
  return end(&image, is_read, message);
}
