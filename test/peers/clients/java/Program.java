import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** How every client here is run: one call, many at once, or one for each line of standard input. */
final class Program {
  /** The clients write what they log to the standard output, too. */
  private static final PrintStream out = System.out;

  interface Connect {
    /** The call that is signed, and returns what the server said. */
    Callable<String> to(String address) throws Exception;
  }

  /** Ends the process: the clients keep threads that would not. */
  static void run(String[] words, Connect connect) {
    System.setOut(System.err);
    try {
      start(connect.to(words[0]), words);
    } catch (Exception error) {
      error.printStackTrace();
      System.exit(1);
    }
    System.exit(0);
  }

  private static void start(Callable<String> call, String[] words) throws Exception {
    if (words.length == 1) out.println(call.call());
    else if (words[1].equals("--lines")) forEachLine(call);
    else atOnce(call, Integer.parseInt(words[2]));
  }

  private static void forEachLine(Callable<String> call) throws Exception {
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
    while (lines.readLine() != null) out.println(said(call));
  }

  private static String said(Callable<String> call) {
    try {
      call.call();
      return "ok";
    } catch (Exception error) {
      return error.toString().replaceAll("\\s+", " ");
    }
  }

  private static void atOnce(Callable<String> call, int count) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(count);
    List<Future<String>> made = new ArrayList<>();
    for (int i = 0; i < count; i++) made.add(pool.submit(call));
    for (Future<String> each : made) out.println(each.get());
  }
}
