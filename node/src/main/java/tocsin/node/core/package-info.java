/// THE PROTOCOL, sans-I/O: what happened, and when, to what there is to do.
@NullMarked
package tocsin.node.core;

import org.jspecify.annotations.NullMarked;
