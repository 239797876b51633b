// A program that says nothing of the payment.
console.log('thank you');
