# The released networks again, trained on phantoms alone: no patient is seen. About two hours on two cores with 16 GB of
# memory; what was stopped goes on from its last checkpoint.
#   make -f Makefile.example weights    into WORK; share/weights holds those of the release
WEIGHTS ?= share/weights
WORK ?= build/weights
WEIGHT_STEPS ?= 12000
BANK ?= 7200
BANK_STEPS ?= 4800

weights: build
	$(MAKE) --no-print-directory -f Makefile.example $(WORK)/segment.safetensors $(WORK)/align.safetensors
	@echo "$(WORK)/segment.safetensors and $(WORK)/align.safetensors"

$(WORK)/segment.safetensors:
	mkdir -p $(WORK)
	lge-train --task segment --population wide --size 128 --spacing 1.5 --steps $(WEIGHT_STEPS) --learning-rate 0.0025 --average 0.998 \
	  --seed 1 --run-dir $(WORK)/segment -o $@ --force

# Hearts whose outlines the network draws, as it will those of patients: many to learn from, by one look at each slice, others
# of a harder population to set the threshold.
$(WORK)/wide.h5 $(WORK)/hard.h5: $(WORK)/%.h5: $(WORK)/segment.safetensors
	lge-synth --phantom --population $* --normal-fraction 0.5 --count $(if $(filter wide,$*),$(BANK) --seed 500,200 --seed 77) -o - | \
	  lge-infer --task segment --keep-scar $(if $(filter wide,$*),--augment none) --model $< - -o $@ --force
$(WORK)/uncalibrated.safetensors: $(WORK)/wide.h5
	lge-train --task align $< --steps $(BANK_STEPS) --batch 32 --average 0.998 --seed 1 --run-dir $(WORK)/align -o $@ --force
$(WORK)/align.safetensors: $(WORK)/uncalibrated.safetensors $(WORK)/hard.h5
	lge-infer --task detect --model $< --calibrate $(WORK)/hard.h5 -o $@ --force
