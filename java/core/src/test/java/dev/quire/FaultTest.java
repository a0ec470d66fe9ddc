package dev.quire; class FaultTest {}
