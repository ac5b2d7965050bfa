@NullMarked
package tocsin.cli;

import org.jspecify.annotations.NullMarked;
