#include "formats.h"

#include <cstdlib>
#include <cstring>
#include <memory>
#include <vector>

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-function"
#pragma GCC diagnostic ignored "-Wunused-parameter"
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"
#define STBI_ONLY_PNG
#define STBI_ONLY_BMP
#define STBI_ONLY_GIF
#define STBI_NO_STDIO
#define STB_IMAGE_STATIC
#define STB_IMAGE_IMPLEMENTATION
#include <stb_image.h>
#define STBI_WRITE_NO_STDIO
#define STB_IMAGE_WRITE_STATIC
#define STB_IMAGE_WRITE_IMPLEMENTATION
#include <stb_image_write.h>
#pragma GCC diagnostic pop

namespace {

struct Free {
    void operator()(stbi_uc* pixels) const { stbi_image_free(pixels); }
};

uint8_t multiplied(int colour, int alpha) {
    return static_cast<uint8_t>((colour * alpha + 127) / 255);
}

}  // namespace

bool stb_is(const uint8_t* data, int64_t length) {
    static const uint8_t png[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
    return (length >= 8 && std::memcmp(data, png, 8) == 0)
        || (length >= 6 && (std::memcmp(data, "GIF87a", 6) == 0 || std::memcmp(data, "GIF89a", 6) == 0))
        || (length >= 2 && data[0] == 'B' && data[1] == 'M');
}

int32_t stb_header(const uint8_t* data, int64_t length, int32_t* width, int32_t* height) {
    int channels = 0;
    return stbi_info_from_memory(data, static_cast<int>(length), width, height, &channels) != 0 ? MLIMAGES_OK : MLIMAGES_CORRUPT;
}

int32_t stb_decode(const uint8_t* data, int64_t length, int32_t width, int32_t height, uint8_t* pixels) {
    int w = 0, h = 0, channels = 0;
    std::unique_ptr<stbi_uc, Free> rgba(stbi_load_from_memory(data, static_cast<int>(length), &w, &h, &channels, 4));
    if (!rgba || w != width || h != height) return MLIMAGES_CORRUPT;
    const stbi_uc* source = rgba.get();
    const size_t size = static_cast<size_t>(width) * height * 4;
    for (size_t i = 0; i < size; i += 4) {
        const int alpha = source[i + 3];
        pixels[i] = multiplied(source[i + 2], alpha);
        pixels[i + 1] = multiplied(source[i + 1], alpha);
        pixels[i + 2] = multiplied(source[i], alpha);
        pixels[i + 3] = static_cast<uint8_t>(alpha);
    }
    return MLIMAGES_OK;
}

int32_t mlimages_encode_png(const uint8_t* rgba, int32_t width, int32_t height, uint8_t** encoded, int64_t* length) {
    int size = 0;
    unsigned char* png = stbi_write_png_to_mem(rgba, width * 4, width, height, 4, &size);
    if (png == nullptr) return MLIMAGES_NO_MEMORY;
    *encoded = png;  // allocated with malloc, which mlimages_free undoes
    *length = size;
    return MLIMAGES_OK;
}
