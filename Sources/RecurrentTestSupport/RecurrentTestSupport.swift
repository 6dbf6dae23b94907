// RecurrentTestSupport: conformance suites and naive twins.
