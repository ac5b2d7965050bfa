@NullMarked
package tocsin.storage;

import org.jspecify.annotations.NullMarked;
