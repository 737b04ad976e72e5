# Phantom patients from nothing to scored calls. Every figure comes from patients that were not trained on:
# training draws with SEED, the test patients with SEED + 1.
TRAIN_COUNT ?= 120
TEST_COUNT ?= 60
SEGMENT_STEPS ?= 1000
ALIGN_STEPS ?= 400
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

# --- training: one pose, captions from the reports, then the two networks ---------------------------------------------
$(DEMO)/train.h5: $(DEMO)/train/cases.jsonl
	lge-orient $< -o $@ --records $(DEMO)/train-orient.jsonl --force
$(DEMO)/captions.jsonl: $(DEMO)/train/cases.jsonl
	lge-reportparse $(DEMO)/train/reports.jsonl --captions $@ -o $(DEMO)/findings.jsonl --force
$(DEMO)/segment.safetensors: $(DEMO)/train.h5
	lge-train --task segment $< --population wide --size 96 --spacing 1.6 --steps $(SEGMENT_STEPS) --seed $(SEED) \
	  --run-dir $(DEMO)/run-segment -o $@ --force
$(DEMO)/align.safetensors: $(DEMO)/train.h5 $(DEMO)/captions.jsonl
	lge-train --task align $< --captions $(DEMO)/captions.jsonl \
	  --steps $(ALIGN_STEPS) --seed $(SEED) --run-dir $(DEMO)/run-align -o $@ --force

# --- unseen patients: masks, pose, calls ------------------------------------------------------------------------------
$(DEMO)/test/labelled.jsonl: $(DEMO)/test/cases.jsonl $(DEMO)/segment.safetensors
	lge-infer --task segment --model $(DEMO)/segment.safetensors $< --output-dir $(DEMO)/test/masks -o $@ --force
$(DEMO)/test.h5: $(DEMO)/test/labelled.jsonl
	lge-orient $< -o $@ --records $(DEMO)/test-orient.jsonl --force
$(DEMO)/detections.jsonl: $(DEMO)/test.h5 $(DEMO)/align.safetensors
	lge-infer --task detect --model $(DEMO)/align.safetensors $< -o $@ --force

# --- scores -----------------------------------------------------------------------------------------------------------
$(DEMO)/table.txt: $(DEMO)/detections.jsonl $(DEMO)/test/labelled.jsonl
	{ echo "zero-shot detection of scar in unseen phantom patients, seed $(TEST_SEED)"; \
	  lge-score $(DEMO)/test/truth.jsonl $(DEMO)/detections.jsonl --format table; \
	  echo; echo "masks of the same patients"; \
	  lge-dice $(DEMO)/test/labels $(DEMO)/test/masks --label myocardium --label lv_cavity --label rv_cavity --summary --format table; } > $@
$(DEMO)/montage.png: $(DEMO)/test.h5 $(DEMO)/detections.jsonl
	lge-plot montage $< --detections $(DEMO)/detections.jsonl -o $@ --force
