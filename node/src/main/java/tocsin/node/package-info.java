@NullMarked
package tocsin.node;

import org.jspecify.annotations.NullMarked;
