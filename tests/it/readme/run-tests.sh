#!/bin/sh
# Stands in for the tests of the reader's own project.
echo 'ok 1 - login as jo@acme.io'
