"""The pure state machines: measurements in, repetitions, holds, faults and view problems out."""
