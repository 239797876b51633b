package payboxsim;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives each JUnit 5 test a Paybox Direct gateway of its own. Java 11 or newer, without other libraries.
 *
 * <p>Copy this file to src/test/java/payboxsim, then:
 *
 * <pre>{@code
 * @ExtendWith(PayboxSim.class)
 * class CheckoutTest {
 *   @Test
 *   void payingChargesOnce(PayboxSim.Gateway paybox) {
 * }</pre>
 *
 * <p>The simulator is the one at PAYBOX_SIM_URL. Without that variable it is started for the tests and stopped after them; that needs
 * Node.js and the npm package paybox-direct-simulator in the project. docs/testing-in-java.md has an example.
 */
public final class PayboxSim implements ParameterResolver {
  private static final Namespace NAMESPACE = Namespace.create(PayboxSim.class);

  /** Only in methods of a test: a constructor or a {@code @BeforeAll} method would make its gateway that of all tests of the class. */
  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Gateway.class
        && parameter.getDeclaringExecutable() instanceof Method
        && context.getTestMethod().isPresent();
  }

  /** Returns the gateway of the test: the same one to its method and to its {@code @BeforeEach} methods. It is closed after the test. */
  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    OpenGateway open =
        context.getStore(NAMESPACE).getOrComputeIfAbsent(OpenGateway.class, key -> new OpenGateway(context.getDisplayName()), OpenGateway.class);
    return open.gateway;
  }

  // JUnit closes it together with the store of the test.
  private static final class OpenGateway implements ExtensionContext.Store.CloseableResource {
    private final Gateway gateway;

    private OpenGateway(String testName) {
      gateway = Gateway.open(testName);
    }

    @Override
    public void close() {
      gateway.close();
    }
  }

  /** The simulator cannot be started or reached, or it does not understand what the test asked of it. */
  public static final class PayboxException extends RuntimeException {
    private static final long serialVersionUID = 1;

    PayboxException(String message) {
      super(message);
    }
  }

  /** A gateway that the code under test can call, and what a test does with it. */
  public static final class Gateway implements AutoCloseable {
    /** The gateway's URL, for the configuration of the code under test. */
    public final String url;

    /** The URL of the backup host. */
    public final String backupUrl;

    /** An account that the gateway knows. It accepts the key (CLE) and HMACs. */
    public final Account account = new Account();

    /** A card whose payments are accepted. */
    public final Card card = new Card();

    public final Clock clock = new Clock(this);

    private final String simulatorUrl;
    private final String name;

    private Gateway(String simulatorUrl, String name) {
      this.simulatorUrl = simulatorUrl;
      this.name = name;
      url = simulatorUrl + "/s/" + name + "/PPPS.php";
      backupUrl = simulatorUrl + "/s/" + name + "/backup/PPPS.php";
    }

    // Letters only: digits could look like a card number, which no session name has.
    private static String letters() {
      StringBuilder letters = new StringBuilder();
      new SecureRandom().ints(12, 'a', 'z' + 1).forEach(letters::appendCodePoint);
      return letters.toString();
    }

    /** Returns a new, empty gateway. The inspector shows it under the name of the test. */
    public static Gateway open(String testName) {
      String slug = testName.replaceAll("[^A-Za-z0-9._-]+", "-");
      return new Gateway(Simulator.url(), slug.substring(0, Math.min(slug.length(), 24)) + "-" + letters());
    }

    /** Deletes the gateway with all its data. */
    @Override
    public void close() {
      Control.request(simulatorUrl, "DELETE", "/_sim/sessions/" + name, null);
    }

    /** Answers all requests with this code: {@code paybox.answer("00105")}. */
    public void answer(String code) {
      answer(code, Map.of());
    }

    /**
     * Answers requests with this code: {@code paybox.answer("00105", Map.of("match", Map.of("TYPE", "pay"), "times", 1))}.
     *
     * @param condition those of a rule: match, payment, host, from, times, probability, seed
     */
    public void answer(String code, Map<String, ?> condition) {
      rule(condition, "answer", code);
    }

    /**
     * Makes the connection fail: {@code paybox.fault(Map.of("reply", "never"), Map.of("match", Map.of("TYPE", "pay")))}.
     *
     * @param condition as of answer
     */
    public void fault(Map<String, ?> fault, Map<String, ?> condition) {
      rule(condition, "fault", fault);
    }

    /** Processes the next request and cuts the connection instead of a reply. */
    public void dropReply() {
      dropReply(Map.of());
    }

    /**
     * Processes the next matching request and cuts the connection instead of a reply: {@code paybox.dropReply(Map.of("match",
     * Map.of("TYPE", "pay")))}.
     *
     * @param condition as of answer; default of times: 1
     */
    public void dropReply(Map<String, ?> condition) {
      Map<String, Object> once = new LinkedHashMap<>(Map.of("times", 1));
      once.putAll(condition);
      fault(Map.of("reply", "drop"), once);
    }

    /** Returns the exchanges so far, oldest first: maps with operation, CODEREPONSE, request and reply (maps), findings. */
    public List<Map<String, Object>> journal() {
      List<Map<String, Object>> entries = all("journal", "entries", "seq");
      for (Map<String, Object> entry : entries) {
        Map<String, Object> request = new LinkedHashMap<>();
        for (Object pair : (List<?>) entry.get("request")) request.put((String) ((List<?>) pair).get(0), ((List<?>) pair).get(1));
        entry.put("request", request);
      }
      return entries;
    }

    /** Returns the payments so far, oldest first: maps with REFERENCE, STATUS, captured, refunded (minor units, long), and more. */
    public List<Map<String, Object>> payments() {
      return all("payments", "payments", "id");
    }

    /** Passes if exactly one payment was captured for this order. */
    public void assertChargedOnce(String reference) {
      assertCharged(1, Map.of("reference", reference));
    }

    /** Passes if exactly one payment was captured for this order, with this amount in minor units: 1000 is 10.00 EUR. */
    public void assertChargedOnce(String reference, long amount) {
      assertCharged(1, Map.of("reference", reference, "amount", amount));
    }

    /** Passes if no payment was captured for this order. */
    public void assertNotCharged(String reference) {
      assertCharged(0, Map.of("reference", reference));
    }

    /**
     * Passes if exactly this number of payments with these properties was captured.
     *
     * @param charge reference, amount, refunded (minor units)
     */
    public void assertCharged(int times, Map<String, ?> charge) {
      Map<String, Object> charged = new LinkedHashMap<>(charge);
      charged.put("times", times);
      check(Map.of("charged", charged));
    }

    /**
     * Passes if exactly these requests were received, in this order.
     *
     * @param requests operations, by name or TYPE, or maps: {@code Map.of("send", "pay", "with", Map.of("MONTANT",
     *     Pattern.compile("1000$")), "answered", "00000")}
     */
    public void assertReceived(Object... requests) {
      check(Map.of("received", List.of(requests)));
    }

    /** Passes if no request has a finding of severity warning or error. */
    public void assertNoFindings() {
      assertNoFindings("warning");
    }

    /** Passes if no request has a finding of this severity (info, warning, error) or a higher one. */
    public void assertNoFindings(String atLeast) {
      check(Map.of("noFindings", atLeast));
    }

    @Override
    public String toString() {
      return url;
    }

    private void rule(Map<String, ?> condition, String key, Object value) {
      Map<String, Object> rule = new LinkedHashMap<>(condition);
      rule.put(key, value);
      control("POST", "/rules", rule);
    }

    private void check(Map<String, ?> expected) {
      Map<String, Object> result = control("POST", "/check", expected);
      if (!Boolean.TRUE.equals(result.get("pass"))) Assertions.fail((String) result.get("message"));
    }

    private Map<String, Object> control(String method, String path, Map<String, ?> body) {
      return Control.request(simulatorUrl, method, "/s/" + name + "/_sim" + path, body);
    }

    @SuppressWarnings("unchecked")
    private List<Map<String, Object>> all(String route, String key, String before) {
      List<Map<String, Object>> found = new ArrayList<>();
      List<Map<String, Object>> page;
      do {
        String next = found.isEmpty() ? "" : "&before=" + found.get(found.size() - 1).get(before);
        page = (List<Map<String, Object>>) control("GET", "/" + route + "?limit=" + Control.PAGE + next, null).get(key);
        found.addAll(page);
      } while (page.size() == Control.PAGE);
      Collections.reverse(found);
      return found;
    }
  }

  /** The account of a gateway. */
  public static final class Account {
    public final String site = "1999888";
    public final String rang = "32";
    public final String identifiant = "107904482";
    public final String cle = "1999888I";
    public final String hmacKey = "0123456789ABCDEF".repeat(8);
  }

  /** A card. */
  public static final class Card {
    public final String number = "1111222233334444";

    /** MMYY. */
    public final String expiry = "1249";

    public final String cvv = "123";
  }

  /** The clock of a gateway. Times are ISO 8601, in Paris if they have no offset. */
  public static final class Clock {
    private final Gateway gateway;

    private Clock(Gateway gateway) {
      this.gateway = gateway;
    }

    /** Returns the time of the gateway. */
    public String now() {
      return (String) gateway.control("GET", "/clock", null).get("now");
    }

    /** Sets the time: {@code paybox.clock.set("2026-03-28T23:50")}. */
    public void set(String time) {
      gateway.control("PUT", "/clock", Map.of("now", time, "frozen", false));
    }

    /** Sets the time, at which the clock stands still until it is set again. */
    public void freeze(String time) {
      gateway.control("PUT", "/clock", Map.of("now", time, "frozen", true));
    }

    /** Advances the time by an ISO 8601 duration: P1D, PT90M. The remittances of the nights in between take place. */
    public void advance(String duration) {
      gateway.control("POST", "/clock/advance", Map.of("by", duration));
    }

    /** Advances the time to just after tonight's remittance. */
    public void remit() {
      gateway.control("POST", "/clock/remit", null);
    }
  }

  /** The control API of a simulator. */
  private static final class Control {
    /** Number of entries that the control API returns at most. */
    private static final int PAGE = 1000;

    private static final HttpClient CLIENT =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).proxy(HttpClient.Builder.NO_PROXY).build();

    /** Sends a request. Returns the JSON of the response; null if it has none, or if what is to be deleted does not exist. */
    @SuppressWarnings("unchecked")
    private static Map<String, Object> request(String simulatorUrl, String method, String path, Map<String, ?> body) {
      HttpResponse<String> response;
      try {
        HttpRequest request =
            HttpRequest.newBuilder(URI.create(simulatorUrl + path))
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(Json.write(body)))
                .build();
        response = CLIENT.send(request, BodyHandlers.ofString(StandardCharsets.UTF_8));
      } catch (IllegalArgumentException error) {
        throw new PayboxException("PAYBOX_SIM_URL must be like http://127.0.0.1:8888, not " + simulatorUrl + ".");
      } catch (IOException error) {
        throw new PayboxException(
            "No simulator answers at " + simulatorUrl + " (" + error + "). Check PAYBOX_SIM_URL, or unset it to start one.");
      } catch (InterruptedException error) {
        Thread.currentThread().interrupt();
        throw new PayboxException("The test was interrupted.");
      }
      if (response.statusCode() == 404 && method.equals("DELETE")) return null;
      if (response.statusCode() >= 400) throw new PayboxException(failureText(response.body()));
      return response.body().isEmpty() ? null : (Map<String, Object>) Json.read(response.body());
    }

    private static String failureText(String answer) {
      if (!answer.startsWith("{\"error\":"))
        return "This is not the simulator: " + answer.substring(0, Math.min(answer.length(), 200)) + ". Check PAYBOX_SIM_URL.";
      Map<?, ?> failure = (Map<?, ?>) Json.read(answer);
      StringBuilder text = new StringBuilder((String) failure.get("error"));
      if (failure.get("problems") instanceof List)
        for (Object each : (List<?>) failure.get("problems")) {
          Map<?, ?> problem = (Map<?, ?>) each;
          text.append("\n  ").append(problem.get("where")).append(": ").append(problem.get("what"));
        }
      return text.toString();
    }
  }

  /** The simulator of this process: the one at PAYBOX_SIM_URL, or one that is started on the first call and stopped at the end. */
  private static final class Simulator {
    // The simulator exits when its standard input ends: at the end of this process, also if it is killed.
    private static final String EXIT_WITH_PARENT =
        "--import=data:text/javascript,process.stdin.resume().on('end',()=>process.exit())";

    private static String url;

    /** Returns the simulator's URL. */
    private static synchronized String url() {
      String given = System.getenv("PAYBOX_SIM_URL");
      if (url == null) url = given == null || given.isEmpty() ? start() : given.replaceAll("/+$", "");
      return url;
    }

    private static String start() {
      ProcessBuilder builder = new ProcessBuilder("node", EXIT_WITH_PARENT, findMain(), "serve", "--port", "0", "--json", "--quiet");
      Process process;
      try {
        process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
      } catch (IOException error) {
        throw new PayboxException("Node.js is not installed. Install it, or set PAYBOX_SIM_URL to the URL of a running simulator.");
      }
      try {
        String line = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)).readLine();
        if (line == null) throw new PayboxException("The simulator did not start. Its error is printed above.");
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
        return (String) ((Map<?, ?>) Json.read(line)).get("url");
      } catch (IOException error) {
        throw new UncheckedIOException(error);
      }
    }

    /** Finds the simulator in the node_modules of the current folder or one above it. */
    private static String findMain() {
      for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
        Path main = folder.resolve("node_modules/paybox-direct-simulator/dist/cli/main.js");
        if (Files.isRegularFile(main)) return main.toString();
      }
      throw new PayboxException(
          "paybox-direct-simulator is not installed: no node_modules in this folder or above has it. "
              + "Run `npm install --save-dev paybox-direct-simulator`, or set PAYBOX_SIM_URL to the URL of a running simulator.");
    }
  }

  /** The JSON that the control API uses. The standard library of Java has none. */
  private static final class Json {
    private final String text;
    private int at = 0;

    private Json(String text) {
      this.text = text;
    }

    /** Writes maps, lists, texts, numbers and booleans, and patterns as {"pattern": …}. */
    private static String write(Object value) {
      if (value instanceof Pattern && ((Pattern) value).flags() == 0) return "{\"pattern\":" + quote(value.toString()) + "}";
      if (value instanceof Number || value instanceof Boolean) return value.toString();
      if (value instanceof String) return quote((String) value);
      List<String> parts = new ArrayList<>();
      if (value instanceof Map) {
        ((Map<?, ?>) value).forEach((name, part) -> parts.add(quote((String) name) + ":" + write(part)));
        return "{" + String.join(",", parts) + "}";
      }
      if (value instanceof List) {
        for (Object part : (List<?>) value) parts.add(write(part));
        return "[" + String.join(",", parts) + "]";
      }
      throw new PayboxException(
          value + " cannot be sent to the simulator. It knows maps, lists, texts, numbers and regular expressions without flags.");
    }

    private static String quote(String value) {
      StringBuilder quoted = new StringBuilder("\"");
      for (char character : value.toCharArray()) {
        if (character < ' ' || character == '"' || character == '\\') quoted.append(String.format("\\u%04x", (int) character));
        else quoted.append(character);
      }
      return quoted.append('"').toString();
    }

    /** Reads a value: Map, List, String, Boolean, null, and numbers as Long or Double. */
    private static Object read(String text) {
      return new Json(text).value();
    }

    private Object value() {
      switch (peek()) {
        case '{':
          return object();
        case '[':
          return array();
        case '"':
          return string();
        default:
          return literal();
      }
    }

    private Map<String, Object> object() {
      Map<String, Object> values = new LinkedHashMap<>();
      at++;
      while (peek() != '}') {
        String name = string();
        peek();
        at++;
        values.put(name, value());
        if (peek() == ',') at++;
      }
      at++;
      return values;
    }

    private List<Object> array() {
      List<Object> values = new ArrayList<>();
      at++;
      while (peek() != ']') {
        values.add(value());
        if (peek() == ',') at++;
      }
      at++;
      return values;
    }

    private String string() {
      peek();
      StringBuilder value = new StringBuilder();
      while (text.charAt(++at) != '"') {
        if (text.charAt(at) != '\\') {
          value.append(text.charAt(at));
        } else if (text.charAt(++at) == 'u') {
          value.append((char) Integer.parseInt(text.substring(at + 1, at + 5), 16));
          at += 4;
        } else {
          int escape = "bfnrt".indexOf(text.charAt(at));
          value.append(escape < 0 ? text.charAt(at) : "\b\f\n\r\t".charAt(escape));
        }
      }
      at++;
      return value.toString();
    }

    private Object literal() {
      int start = at;
      while (at < text.length() && ",]}".indexOf(text.charAt(at)) < 0) at++;
      String word = text.substring(start, at).trim();
      if (word.equals("null")) return null;
      if (word.equals("true") || word.equals("false")) return Boolean.valueOf(word);
      return word.matches("-?\\d+") ? (Object) Long.valueOf(word) : Double.valueOf(word);
    }

    private char peek() {
      while (Character.isWhitespace(text.charAt(at))) at++;
      return text.charAt(at);
    }
  }
}
