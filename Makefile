# The same words that other projects use; the work is done by ./portal.
.PHONY: run test check bench
run test check bench:
	./portal $@
