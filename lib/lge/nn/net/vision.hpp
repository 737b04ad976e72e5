#pragma once
// The vision towers: from a slice to features, and from a case's slices to one vector. For use inside nn and its tests.
#include "lge/anatomy/heart.hpp"
#include "lge/nn/net/unet.hpp"

namespace lge::nn {

/// What a tower says of slices [B].
struct SliceFeatures {
    Tensor features;  // [B,F]
    Tensor tokens;    // [B,T,W] one for each place of the slice
    Tensor scar;      // [B,h,w] logits of scar on the tower's own coarse grid; undefined where the tower has no such head
};

/// Sectors of a ring: six at the base and in the middle, four at the apex (anatomy::segment_at).
inline constexpr std::int64_t most_sectors = 6;
/// AHA number of sector `s` of a level; 0 where the level has no such sector.
int segment_of_sector(anatomy::Level level, std::int64_t s);

/// A way from input to features.
struct VisionTower : torch::nn::Module {
    std::int64_t feature_count = 0, token_width = 0;
    virtual SliceFeatures forward(const Tensor& input) const = 0;
    /// The mean and the maximum of the tokens that lie in each AHA sector of their slice: tokens [B,T,W] and level [B]
    /// (anatomy::Level) to [B,6,2W]; zeros for sectors that a level does not have.
    Tensor by_sector(const Tensor& tokens, const Tensor& level) const;

protected:
    /// `delta` is each token's angle from the anterior RV insertion towards the septum, NaN for one that lies in no wall.
    void place_tokens(const std::vector<double>& delta);
    /// Such angles of the places of a canonical image, side x side, row after row.
    static std::vector<double> angles_of_grid(std::int64_t side);
    Tensor in_sector;  // [5,6,T] bool: by level
};

/// The canonical image [B,1,S,S]: the segmentation network's encoder, its maps as tokens at 1/8 of the size, each with
/// its place (in the canonical pose a place is a wall), pooled by learned queries and by their maxima.
struct ImageTower : VisionTower {
    ImageTower(const std::vector<std::int64_t>& widths, NormKind norm_kind, std::int64_t size, std::int64_t width);
    SliceFeatures forward(const Tensor& image) const override;
    std::shared_ptr<Encoder> encoder;
    std::shared_ptr<Linear> token;
    std::shared_ptr<LayerNorm> norm;
    std::shared_ptr<Attention> pool;
    Tensor place, queries;
};

/// The wall as a strip [B,C,R,A], rows from the cavity outwards, columns around the circle from the anterior RV insertion:
/// convolutions that are circular in the angle, with a head that marks scar in the strip at half its size. A token for
/// every fourth column, from all depths.
struct StripTower : VisionTower {
    StripTower(std::int64_t channels, std::int64_t rows, std::int64_t angles, std::int64_t width);
    SliceFeatures forward(const Tensor& strip) const override;
    /// 3x3, circular along the columns, borders repeated along the rows, group norm, ReLU.
    struct Block : torch::nn::Module {
        Block(std::int64_t in, std::int64_t out);
        Tensor forward(const Tensor& x) const;
        Tensor weight, gain, bias;
    };
    std::vector<std::shared_ptr<Block>> blocks;  // two at full, half and quarter size
    std::shared_ptr<Conv> scar_head;
    std::shared_ptr<Linear> token;
    std::shared_ptr<LayerNorm> norm;
    std::shared_ptr<Attention> pool;
    Tensor place, queries;
};

/// The slices of cases to one vector a case: their mean beside an attention over them that sees their levels.
struct CasePool : torch::nn::Module {
    CasePool(std::int64_t features, std::int64_t embedding);
    /// features [B,F], level [B] (0-4), of_case [B] in 0..cases-1, each case at least once; to unit vectors [cases,E].
    Tensor forward(const Tensor& features, const Tensor& level, const Tensor& of_case, std::int64_t cases) const;
    std::shared_ptr<Linear> attention, out;
    Tensor levels;
};

}  // namespace lge::nn
