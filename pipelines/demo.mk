# Phantom patients from nothing to scored calls: the released segmentation network is fitted to clean phantoms and draws the
# masks, a detector learns from the reports, and the released detector stands beside it. Every figure comes from patients that
# were not trained on: training draws with SEED, the test patients with SEED + 1.
TRAIN_COUNT ?= 120
TEST_COUNT ?= 60
ALIGN_STEPS ?= 600
SEGMENT_STEPS ?= 1500
TEST_SEED := $(shell echo $$(($(SEED) + 1)))

demo: build
	$(MAKE) --no-print-directory -f Makefile.example $(DEMO)/table.txt $(DEMO)/montage.png
	@echo
	@cat $(DEMO)/table.txt
	@echo "picture: $(DEMO)/montage.png"

# --- patients: native stacks in random pose, with reports and truth ---------------------------------------------------
$(DEMO)/train/cases.jsonl:
	mkdir -p $(DEMO)
	lge-synth --phantom --population mild --pose random --count $(TRAIN_COUNT) --seed $(SEED) --output-dir $(@D) --force
$(DEMO)/test/cases.jsonl:
	mkdir -p $(DEMO)
	lge-synth --phantom --population mild --pose random --count $(TEST_COUNT) --seed $(TEST_SEED) --output-dir $(@D) --force

# --- training: the segmentation network, masks, one pose, captions from the reports, then the detector ----------------
$(DEMO)/segment.safetensors: $(WEIGHTS)/segment.safetensors
	mkdir -p $(DEMO)
	lge-train --task segment --init $< --population mild --spacing 1.25 --steps $(SEGMENT_STEPS) --learning-rate 0.0015 --average 0.995 \
	  --seed $(SEED) --run-dir $(DEMO)/run-segment -o $@ --force
$(DEMO)/train/labelled.jsonl $(DEMO)/test/labelled.jsonl: %/labelled.jsonl: %/cases.jsonl $(DEMO)/segment.safetensors
	lge-infer --task segment --model $(DEMO)/segment.safetensors $< --output-dir $(@D)/masks -o $@ --force
$(DEMO)/train.h5 $(DEMO)/test.h5: %.h5: %/labelled.jsonl
	lge-orient --quiet $< -o $@ --records $*-orient.jsonl --force
$(DEMO)/captions.jsonl: $(DEMO)/train/cases.jsonl
	lge-reportparse $(DEMO)/train/reports.jsonl --captions $@ -o $(DEMO)/findings.jsonl --force
$(DEMO)/align.safetensors: $(DEMO)/train.h5 $(DEMO)/captions.jsonl
	lge-train --task align $< --captions $(DEMO)/captions.jsonl --mix real=1,synth=1 \
	  --steps $(ALIGN_STEPS) --seed $(SEED) --run-dir $(DEMO)/run-align -o $@ --force

# --- unseen patients: calls, and the masks of hearts that are canonical already ------------------------------------------
$(DEMO)/canonical.h5:
	mkdir -p $(DEMO)
	lge-synth --phantom --population mild --count $(TEST_COUNT) --seed $(TEST_SEED) -o $@ --force
$(DEMO)/outlined.h5: $(DEMO)/canonical.h5 $(DEMO)/segment.safetensors
	lge-infer --task segment --model $(DEMO)/segment.safetensors $< -o $@ --force
$(DEMO)/detections.jsonl: $(DEMO)/test.h5 $(DEMO)/align.safetensors
	lge-infer --task detect --model $(DEMO)/align.safetensors $< -o $@ --force
$(DEMO)/released.jsonl: $(DEMO)/test.h5
	lge-infer --task detect --model $(WEIGHTS)/align.safetensors $< -o $@ --force

# --- scores -----------------------------------------------------------------------------------------------------------
MASKS := --label myocardium --label lv_cavity --label rv_cavity --summary --format table
$(DEMO)/table.txt: $(DEMO)/detections.jsonl $(DEMO)/released.jsonl $(DEMO)/test/labelled.jsonl $(DEMO)/outlined.h5
	{ echo "zero-shot detection of scar in unseen phantom patients, seed $(TEST_SEED): trained here on $(TRAIN_COUNT) patients with reports"; \
	  lge-score --quiet $(DEMO)/test/truth.jsonl $(DEMO)/detections.jsonl --format table; \
	  echo; echo "the same by the released detector"; \
	  lge-score --quiet $(DEMO)/test/truth.jsonl $(DEMO)/released.jsonl --format table; \
	  echo; echo "masks of the same patients, as scanners store them"; \
	  lge-dice $(DEMO)/test/labels $(DEMO)/test/masks $(MASKS); \
	  echo; echo "masks of $(TEST_COUNT) unseen hearts in the canonical pose"; \
	  lge-dice $(DEMO)/canonical.h5 $(DEMO)/outlined.h5 $(MASKS); } > $@
$(DEMO)/montage.png: $(DEMO)/test.h5 $(DEMO)/detections.jsonl
	lge-plot montage $< --detections $(DEMO)/detections.jsonl -o $@ --force
