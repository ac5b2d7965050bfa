@NullMarked
package tocsin.simulations;

import org.jspecify.annotations.NullMarked;
