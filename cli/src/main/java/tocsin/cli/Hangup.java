package tocsin.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;

/// SIGHUP, which asks a daemon to read its configuration again. The JDK has signals only in
/// `sun.misc.Signal` (module `jdk.unsupported`), which javac warns of by name: so by reflection.
final class Hangup {
  private Hangup() {}

  /// Runs this at each SIGHUP, which ends the process otherwise. One after the other, on a thread
  /// of the JVM.
  ///
  /// @return false where the JVM does not let us: it goes on as before
  static boolean handle(Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object last = new Object();
      InvocationHandler handled =
          (_, method, arguments) -> {
            if (!method.getName().equals("handle")) {
              return method.invoke(last, arguments);
            }
            synchronized (last) {
              action.run();
            }
            return null;
          };
      Object proxy =
          Proxy.newProxyInstance(Hangup.class.getClassLoader(), new Class<?>[] {handler}, handled);
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance("HUP"), proxy);
      return true;
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      return false;
    }
  }
}
