/// WHO SPEAKS, AND WHOM WE BELIEVE: pure, no I/O.
@NullMarked
package tocsin.trust;

import org.jspecify.annotations.NullMarked;
