#include "formats.h"

#include <climits>
#include <cstdlib>
#include <new>

namespace {

template <typename Body>
int32_t guarded(Body body) noexcept {
    try {
        return body();
    } catch (const std::bad_alloc&) {
        return MLIMAGES_NO_MEMORY;
    } catch (...) {
        return MLIMAGES_CORRUPT;
    }
}

int32_t read_header(const uint8_t* data, int64_t length, int32_t* width, int32_t* height) {
    if (data == nullptr || length <= 0 || length > INT_MAX) return MLIMAGES_UNKNOWN_FORMAT;
    int32_t status = jpeg_is(data, length) ? jpeg_header(data, length, width, height)
                   : stb_is(data, length)  ? stb_header(data, length, width, height)
                                           : static_cast<int32_t>(MLIMAGES_UNKNOWN_FORMAT);
    if (status != MLIMAGES_OK) return status;
    if (*width <= 0 || *height <= 0) return MLIMAGES_CORRUPT;
    return int64_t{*width} * *height > kMaxPixels ? MLIMAGES_TOO_LARGE : MLIMAGES_OK;
}

}  // namespace

int32_t mlimages_read_header(const uint8_t* data, int64_t length, int32_t* width, int32_t* height) {
    return guarded([&] { return read_header(data, length, width, height); });
}

int32_t mlimages_decode(const uint8_t* data, int64_t length, int32_t width, int32_t height, uint8_t* pixels) {
    return guarded([&]() -> int32_t {
        int32_t w = 0, h = 0;
        int32_t status = read_header(data, length, &w, &h);
        if (status != MLIMAGES_OK) return status;
        if (w != width || h != height) return MLIMAGES_CORRUPT;  // the buffer was made for another picture
        return jpeg_is(data, length) ? jpeg_decode(data, length, width, height, pixels) : stb_decode(data, length, width, height, pixels);
    });
}

void mlimages_free(uint8_t* encoded) {
    std::free(encoded);
}
