package shop;

import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import payboxsim.PayboxSim;
import payboxsim.PayboxSim.Gateway;

@ExtendWith(PayboxSim.class)
class FailuresTest {
  @Test
  void charged(Gateway paybox) throws Exception {
    new Shop(paybox.url).checkout("ORDER-1", 1000);
    paybox.assertChargedOnce("ORDER-1", 10);
  }

  @Test
  void nothing(Gateway paybox) {
    paybox.assertCharged(1, Map.of());
  }

  @Test
  void received(Gateway paybox) throws Exception {
    new Shop(paybox.url).checkout("ORDER-1", 1000);
    paybox.assertReceived(Map.of("send", "pay", "with", Map.of("MONTANT", Pattern.compile("999$"))));
  }

  @Test
  void findings(Gateway paybox) throws Exception {
    new Shop(paybox.url).checkout("ORDER-1", 1000);
    new Shop(paybox.url).checkout("ORDER-1", 1000);
    paybox.assertNoFindings("error");
  }
}
