package shop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import payboxsim.PayboxSim;
import payboxsim.PayboxSim.Gateway;
import payboxsim.PayboxSim.PayboxException;

@ExtendWith(PayboxSim.class)
class MembersTest {
  private Gateway configured;

  @BeforeEach
  void configure(Gateway paybox) {
    configured = paybox;
  }

  @Test
  void urlsJournalAndPayments(Gateway paybox) throws Exception {
    assertSame(configured, paybox);
    assertEquals("paid", new Shop(paybox.url).checkout("ORDER-1", 1000));
    assertEquals("paid", new Shop(paybox.backupUrl).checkout("ORDER-2", 2000));
    List<Map<String, Object>> entries = paybox.journal();
    assertEquals(List.of("pay", "pay"), entries.stream().map(entry -> entry.get("operation")).collect(Collectors.toList()));
    assertEquals("1000", ((Map<?, ?>) entries.get(0).get("request")).get("MONTANT"));
    assertEquals(paybox.account.site, ((Map<?, ?>) entries.get(1).get("request")).get("SITE"));
    Map<String, Object> payment = paybox.payments().get(1);
    assertEquals(List.of("ORDER-2", "Capturé", 2000L), List.of(payment.get("REFERENCE"), payment.get("STATUS"), payment.get("captured")));
    paybox.assertCharged(2, Map.of());
    paybox.assertCharged(1, Map.of("reference", "ORDER-2", "amount", 2000, "refunded", 0));
    paybox.assertReceived(Map.of("send", "pay", "with", Map.of("MONTANT", Pattern.compile("^1.*0$"), "REFERENCE", "ORDER-1")), "00003");
    paybox.assertNoFindings("error");
  }

  @Test
  void answersAndFaults(Gateway paybox) throws Exception {
    Shop shop = new Shop(paybox.url);
    paybox.answer("00105", Map.of("match", Map.of("REFERENCE", "ORDER-1")));
    paybox.fault(Map.of("processed", "no", "reply", "drop"), Map.of("match", Map.of("REFERENCE", "ORDER-2"), "times", 1));
    assertEquals("refused", shop.checkout("ORDER-1", 1000));
    assertEquals("paid", shop.checkout("ORDER-2", 1000));
    paybox.assertNotCharged("ORDER-1");
    paybox.assertChargedOnce("ORDER-2");
  }

  @Test
  void anyTextCanBeAReference(Gateway paybox) throws Exception {
    String reference = "Été \"quoted\" \\ \t & ñ";
    assertEquals("paid", new Shop(paybox.url).checkout(reference, 1000));
    paybox.assertChargedOnce(reference, 1000);
    assertEquals(reference, paybox.payments().get(0).get("REFERENCE"));
  }

  @Test
  void clock(Gateway paybox) {
    paybox.clock.freeze("2026-06-10T12:00");
    assertTrue(paybox.clock.now().startsWith("2026-06-10T12:00"));
    paybox.clock.advance("P1D");
    assertTrue(paybox.clock.now().startsWith("2026-06-11T12:00"));
    paybox.clock.remit();
    assertTrue(paybox.clock.now().startsWith("2026-06-12T03:30"));
    paybox.clock.set("2027-01-01");
    assertTrue(paybox.clock.now().startsWith("2027-01-01"));
  }

  @Test
  void moreThanAPage(Gateway paybox) throws Exception {
    HttpRequest seed =
        HttpRequest.newBuilder(URI.create(paybox.url.replace("PPPS.php", "_sim/seed")))
            .POST(HttpRequest.BodyPublishers.ofString("{\"payments\": 1100}"))
            .build();
    HttpClient.newHttpClient().send(seed, HttpResponse.BodyHandlers.discarding());
    List<Object> numbers = paybox.journal().stream().map(entry -> entry.get("seq")).collect(Collectors.toList());
    assertTrue(numbers.size() > 1000);
    assertEquals(LongStream.rangeClosed(1, numbers.size()).boxed().collect(Collectors.toList()), numbers);
    List<String> ids = paybox.payments().stream().map(payment -> (String) payment.get("id")).collect(Collectors.toList());
    assertTrue(ids.size() > 1000);
    assertEquals(List.copyOf(new TreeSet<>(ids)), ids);
  }

  @Test
  void mistakes(Gateway paybox) {
    assertTrue(messageOf(() -> paybox.answer("00105", Map.of("tmies", 1))).contains("unknown name \"tmies\"; known here: id, match, payment"));
    assertTrue(messageOf(() -> paybox.assertReceived("payy")).contains("payy is not an operation"));
    Pattern flagged = Pattern.compile("x", Pattern.CASE_INSENSITIVE);
    assertTrue(messageOf(() -> paybox.assertReceived(Map.of("send", "pay", "with", Map.of("CVV", flagged)))).contains("without flags"));
  }

  private static String messageOf(org.junit.jupiter.api.function.Executable mistake) {
    return assertThrows(PayboxException.class, mistake).getMessage();
  }
}
