# One lge.detection/1 record a case: the mean of several models' scores and probabilities, called by their majority.
group_by(.id)[]
| . as $calls
| $calls[0] + {
    score: ([$calls[].score] | add / length),
    probability: ([$calls[].probability] | add / length),
    present: (([$calls[] | select(.present)] | length) * 2 > ($calls | length))
  }
| {schema, id, unit, score, probability, present, threshold}
